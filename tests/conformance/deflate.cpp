#include "conformance/deflate.hpp"

#include <array>
#include <stdexcept>
#include <zlib.h>

namespace coroom::test {

struct ZlibDeflater::Zlib {
  z_stream stream{};
};

ZlibDeflater::ZlibDeflater(const Squeezing& how) : zlib_(std::make_unique<Zlib>()) {
  if (deflateInit2(&zlib_->stream, how.level, Z_DEFLATED, -how.window_bits, 8, how.strategy) != Z_OK)
    throw std::runtime_error("deflateInit2");
}

ZlibDeflater::~ZlibDeflater() {
  deflateEnd(&zlib_->stream);
}

std::string ZlibDeflater::message(std::string_view data) {
  constexpr std::size_t tail = 4;
  if (data.empty()) return std::string(1, '\0');  // section 7.2.3.6: zlib gives no output for a second flush
  std::string all = blocks(data, Z_SYNC_FLUSH);
  if (all.size() < tail) throw std::runtime_error("nothing was flushed");
  return all.substr(0, all.size() - tail);
}

std::string ZlibDeflater::blocks(std::string_view data, int flush) {
  z_stream& stream = zlib_->stream;
  std::string input(data);
  std::array<char, 65536> part{};
  std::string all;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  do {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    deflate(&stream, flush);
    all.append(part.data(), part.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return all;
}

std::string inflated(std::string payload, int window_bits) {
  payload.append("\x00\x00\xff\xff", 4);
  z_stream stream{};
  if (inflateInit2(&stream, -window_bits) != Z_OK) throw std::runtime_error("inflateInit2");
  std::array<char, 65536> part{};
  std::string data;
  stream.next_in = reinterpret_cast<Bytef*>(payload.data());
  stream.avail_in = static_cast<uInt>(payload.size());
  int status = Z_OK;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    status = inflate(&stream, Z_SYNC_FLUSH);
    data.append(part.data(), part.size() - stream.avail_out);
  } while (status == Z_OK && stream.avail_out == 0);
  inflateEnd(&stream);
  if (status != Z_OK && status != Z_BUF_ERROR) throw std::runtime_error("inflate: " + std::to_string(status));
  return data;
}

}  // namespace coroom::test
