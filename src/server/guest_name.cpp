#include "server/guest_name.hpp"

#include "server/shown_name.hpp"

#include <algorithm>

namespace coroom::server {
namespace {

/// Counts the code points of UTF-8.
std::size_t characters(std::string_view text) {
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins));
}

}  // namespace

Result<std::string> guest_name(std::string_view text) {
  auto name = shown_name(text);
  if (name && characters(*name) > longest_guest_name)
    return failure("A name must have at most " + std::to_string(longest_guest_name) + " characters.");
  return name;
}

}  // namespace coroom::server
