#include "websocket/inflater.hpp"

#include <array>
#include <new>
#include <optional>
#include <zlib.h>

namespace coroom::detail::websocket {
namespace {

// The bytes that a sender omits: an empty stored block without its header bits.
constexpr std::string_view flush_tail("\x00\x00\xff\xff", 4);

constexpr int between_blocks = 128;  // a flag in data_type, see zlib.h

Violation inflate_error() {
  return {close_code::bad_payload, "not valid permessage-deflate"};
}

}  // namespace

class Inflater::Zlib {
 public:
  Zlib() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;
  ~Zlib() { inflateEnd(&stream_); }

  void forget() { inflateReset(&stream_); }

  [[nodiscard]] bool is_between_blocks() const { return (stream_.data_type & between_blocks) != 0; }

  std::optional<Violation> add(std::string_view part, std::string& message, std::size_t longest) {
    std::array<char, std::size_t{16} * 1024> output;
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));  // NOLINT: zlib's C does not write it
    stream_.avail_in = static_cast<uInt>(part.size());
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(output.data());
      stream_.avail_out = static_cast<uInt>(output.size());
      const int status = inflate(&stream_, Z_SYNC_FLUSH);
      message.append(output.data(), output.size() - stream_.avail_out);
      if (message.size() > longest) return Violation(close_code::too_big, "a message that is too long");
      // A sender may end the stream in every message (RFC 7692 section 7.2.3.4). The next stream may refer to
      // earlier data, so the window is kept.
      if (status == Z_STREAM_END) inflateResetKeep(&stream_);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return inflate_error();
      if (stream_.avail_out != 0 && (stream_.avail_in == 0 || status == Z_BUF_ERROR)) return std::nullopt;
    }
  }

 private:
  z_stream stream_{};
};

Inflater::Inflater() : zlib_(std::make_unique<Zlib>()) {}

Inflater::~Inflater() = default;

tl::expected<std::string, Violation> Inflater::run(std::string_view compressed, std::size_t longest) {
  std::string message;
  for (const std::string_view part : {compressed, flush_tail}) {
    if (auto violation = zlib_->add(part, message, longest)) return tl::unexpected(*std::move(violation));
  }
  if (!zlib_->is_between_blocks()) return tl::unexpected(inflate_error());
  return message;
}

void Inflater::forget() {
  zlib_->forget();
}

}  // namespace coroom::detail::websocket
