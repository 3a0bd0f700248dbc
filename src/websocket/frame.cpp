#include "websocket/frame.hpp"

#include <boost/endian/conversion.hpp>

namespace coroom::detail::websocket {
namespace {

template <class Length>
void append_big_endian(std::string& block, Length length) {
  const Length ordered = boost::endian::native_to_big(length);
  block.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
}

}  // namespace

void append_frame(std::string& block, Opcode opcode, std::string_view payload, Compressed compressed) {
  const unsigned flags = final_bit | static_cast<unsigned>(compressed);
  block.push_back(static_cast<char>(flags | static_cast<unsigned>(opcode)));
  if (payload.size() < length_is_16_bits) {
    block.push_back(static_cast<char>(payload.size()));
  } else if (payload.size() <= UINT16_MAX) {
    block.push_back(static_cast<char>(length_is_16_bits));
    append_big_endian(block, static_cast<std::uint16_t>(payload.size()));
  } else {
    block.push_back(static_cast<char>(length_is_64_bits));
    append_big_endian(block, static_cast<std::uint64_t>(payload.size()));
  }
  block.append(payload);
}

void append_close_frame(std::string& block, const Disconnect& disconnect) {
  std::string payload;
  if (disconnect.code != close_code::no_status) append_big_endian(payload, disconnect.code);
  append_frame(block, Opcode::close, payload.append(disconnect.reason));
}

}  // namespace coroom::detail::websocket
