#pragma once

#include "http/byte_range.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace coroom::detail::web {

/// The range of a file that a Range field selects.
struct RangeChoice {
  enum class Kind {
    whole,          ///< no range, an unsupported one, or several ranges
    part,           ///< `range`, which has at least one byte
    unsatisfiable,  ///< begins after the end of the file: 416
  };

  Kind kind = Kind::whole;
  http::ByteRange range = {};
};

/// Parses a Range field (RFC 9110 section 14.2). Several ranges in one response are not supported: such a
/// field selects the whole file.
RangeChoice choose_range(std::optional<std::string_view> field, std::uint64_t size);

}  // namespace coroom::detail::web
