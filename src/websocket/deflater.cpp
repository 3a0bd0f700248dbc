#include "websocket/deflater.hpp"

#include <algorithm>
#include <limits>
#include <list>
#include <stdexcept>
#include <string>
#include <zlib.h>

namespace coroom::detail::websocket {
namespace {

// The end of a flush, which the receiver restores: an empty stored block without its header bits.
constexpr std::size_t flush_tail = 4;  // bytes

/// A compressor with zlib's state for one set of parameters. The state is large, so each thread has one, not
/// each connection.
class Deflater {
 public:
  explicit Deflater(const DeflateParams& how) : how_(how) {
    const int raw = -how.window_bits;
    if (deflateInit2(&zlib_, how.level, Z_DEFLATED, raw, how.memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::invalid_argument("compression: the level and the memory level must be from 1 to 9");
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&zlib_); }

  [[nodiscard]] const DeflateParams& how() const { return how_; }

  std::string_view run(std::string_view message) {
    deflateReset(&zlib_);
    // A message that does not shrink is sent uncompressed, so the output needs no more room than the message.
    if (output_.size() < message.size()) output_.resize(message.size());
    zlib_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));  // NOLINT: zlib's C does not write it
    zlib_.avail_in = static_cast<uInt>(message.size());
    zlib_.next_out = reinterpret_cast<Bytef*>(output_.data());
    zlib_.avail_out = static_cast<uInt>(message.size());
    if (deflate(&zlib_, Z_SYNC_FLUSH) != Z_OK || zlib_.avail_out == 0) return {};
    return std::string_view(output_).substr(0, zlib_.total_out - flush_tail);
  }

 private:
  DeflateParams how_;
  z_stream zlib_{};
  std::string output_;
};

}  // namespace

bool is_valid(const CompressionOptions& options) {
  constexpr int highest = 9;
  const auto is_level = [](int level) { return level >= 1 && level <= highest; };
  return is_level(options.level) && is_level(options.memory_level);
}

std::string_view deflated(std::string_view message, const DeflateParams& how) {
  if (message.size() < how.threshold || message.size() > std::numeric_limits<uInt>::max()) return {};
  thread_local std::list<Deflater> deflaters;  // one for each set of parameters in use
  auto found = std::ranges::find(deflaters, how, &Deflater::how);
  if (found == deflaters.end()) found = deflaters.emplace(deflaters.end(), how);
  return found->run(message);
}

}  // namespace coroom::detail::websocket
