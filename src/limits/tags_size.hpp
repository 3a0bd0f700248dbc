#pragma once

#include <coroom/publication.hpp>

#include <cstddef>

namespace coroom::detail::limits {

/// Returns the bytes of the keys and values; 0 for nullptr.
inline std::size_t text_size(const Tags* tags) {
  std::size_t size = 0;
  if (tags == nullptr) return size;
  for (const auto& [key, value] : *tags) size += key.size() + value.size();
  return size;
}

}  // namespace coroom::detail::limits
