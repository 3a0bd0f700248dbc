#include "centrifuge/decimal.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::size_t longest = 200;  // characters; with the decimal places they fit into Decimal
constexpr std::size_t places = 19;    // after the point

bool is_all_digits(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > longest) return std::nullopt;
  const bool is_negative = text.front() == '-';
  if (is_negative || text.front() == '+') text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (!is_all_digits(whole)) return std::nullopt;
  std::string digits(whole);
  if (point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (fraction.size() > places || !is_all_digits(fraction)) return std::nullopt;
    digits += fraction;
  }
  digits.resize(whole.size() + places, '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));  // a leading 0 means octal
  const Decimal number(digits);
  return is_negative ? Decimal(-number) : number;
}

}  // namespace coroom::detail::centrifuge
