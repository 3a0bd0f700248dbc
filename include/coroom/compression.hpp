#pragma once

namespace coroom {

/// permessage-deflate (RFC 7692), as Tornado's `compression_options`. Both values are zlib's.
struct CompressionOptions {
  CompressionOptions() = default;
  CompressionOptions(int compression_level, int memory) : level(compression_level), memory_level(memory) {}

  int level = 6;         ///< 1 (fast) to 9 (small); Tornado's `compression_level`
  int memory_level = 8;  ///< 1 to 9: 2^(memory_level + 9) bytes a connection for what it sends; `mem_level`
};

}  // namespace coroom
