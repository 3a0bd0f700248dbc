#pragma once

#include <coroom/compression.hpp>
#include <coroom/publication.hpp>

#include <optional>

namespace coroom::room {

/// How a member is written to. Members with equal encodings share their blocks.
struct Encoding {
  explicit Encoding(const Encoder& by, const std::optional<Deflate>& compressed = std::nullopt)
      : encoder(&by), deflate(compressed) {}
  bool operator==(const Encoding&) const = default;

  const Encoder* encoder;
  std::optional<Deflate> deflate;
};

}  // namespace coroom::room
