#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge {

/// A decimal number in units of its 19th decimal place, so comparisons are exact.
using Decimal = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
    768, 768, boost::multiprecision::signed_magnitude, boost::multiprecision::unchecked, void>>;

/// Reads a number as servers of the Centrifuge protocol do: an optional sign, digits, and optionally a point
/// and up to 19 more digits; at most 200 characters. There are no exponents.
std::optional<Decimal> parse_decimal(std::string_view text);

}  // namespace coroom::detail::centrifuge
