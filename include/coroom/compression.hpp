#pragma once

#include <cstddef>

namespace coroom {

/// permessage-deflate (RFC 7692), as Tornado's `compression_options`. The levels are zlib's.
struct CompressionOptions {
  CompressionOptions() = default;

  /// The same in one line.
  CompressionOptions(int compression_level, int memory) : level(compression_level), memory_level(memory) {}

  int level = 6;  ///< 1 (fast) to 9 (small); Tornado's `compression_level`

  /// 1 to 9: compressing takes 2^(memory_level + 9) bytes and a window of up to 128 KiB, of each connection
  /// in a client and of each thread in a server; Tornado's `mem_level`.
  int memory_level = 8;

  std::size_t threshold = 64;  ///< bytes; a shorter message is sent as it is
};

/// How what a server sends to a connection is compressed, as the handshake settled it: each message by itself
/// (RFC 7692 section 7.1.1.1, server_no_context_takeover), so that connections that settled on the same share
/// the compressed bytes.
struct DeflateParams {
  DeflateParams() = default;

  /// What the server wanted, in the window that both agreed on.
  DeflateParams(const CompressionOptions& wanted, int bits)
      : level(wanted.level),
        memory_level(wanted.memory_level),
        threshold(wanted.threshold),
        window_bits(bits) {}

  /// Whether compressed bytes can be shared.
  bool operator==(const DeflateParams&) const = default;

  int level = 6;               ///< see CompressionOptions
  int memory_level = 8;        ///< see CompressionOptions
  std::size_t threshold = 64;  ///< see CompressionOptions
  int window_bits = 15;        ///< 9 to 15: a window of 2^window_bits bytes
};

}  // namespace coroom
