#pragma once

#include <cstddef>

namespace coroom {

/// Settings of permessage-deflate (RFC 7692), as Tornado's `compression_options`. The levels are zlib's.
struct CompressionOptions {
  int level = 6;  ///< from 1, fast, to 9, small (Tornado: compression_level)
  /// From 1 to 9: compressing takes 2^(memory_level + 9) bytes and a window of up to 128 KiB; in a client for
  /// each connection, in a server for each thread (Tornado: mem_level).
  int memory_level = 8;
  std::size_t threshold = 64;  ///< bytes; a shorter message is sent uncompressed
};

/// The compression of messages that a server sends to a connection, as the handshake settled it. Each message
/// is compressed by itself (RFC 7692 section 7.1.1.1, server_no_context_takeover), so that connections with
/// equal parameters share the compressed bytes.
struct DeflateParams {
  int level = CompressionOptions().level;                  ///< see CompressionOptions
  int memory_level = CompressionOptions().memory_level;    ///< see CompressionOptions
  std::size_t threshold = CompressionOptions().threshold;  ///< see CompressionOptions
  int window_bits = 15;                                    ///< from 9 to 15: a window of 2^window_bits bytes

  bool operator==(const DeflateParams&) const = default;
};

}  // namespace coroom
