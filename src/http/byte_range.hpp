#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coroom::detail::http {

/// Bytes of a file, one behind the other.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t size = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// What a Range field asks for, of a file of some size.
struct RangeChoice {
  enum class Kind {
    whole,          ///< the field asks for nothing that is understood, or for several parts
    part,           ///< `range`, which has at least one byte
    unsatisfiable,  ///< it begins behind the end: 416
  };

  Kind kind = Kind::whole;
  ByteRange range = {};
};

/// Reads a Range field (RFC 9110 section 14.2). Several parts in one answer are not served: such a field asks
/// for the whole file.
RangeChoice choose_range(std::optional<std::string_view> field, std::uint64_t size);

}  // namespace coroom::detail::http
