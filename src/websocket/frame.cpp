#include "websocket/frame.hpp"

#include <boost/endian/conversion.hpp>

#include <cstddef>

namespace coroom::websocket {
namespace {

constexpr unsigned final_fragment = 0x80;
constexpr std::size_t longest_short_length = 125;
constexpr char length_of_16_bits = 126;
constexpr char length_of_64_bits = 127;

template <class Length>
void append_big_endian(std::string& block, Length length) {
  const Length ordered = boost::endian::native_to_big(length);
  block.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
}

}  // namespace

void append_frame(std::string& block, Opcode opcode, std::string_view payload, Compressed compressed) {
  const unsigned flags = final_fragment | static_cast<unsigned>(compressed);
  block.push_back(static_cast<char>(flags | static_cast<unsigned>(opcode)));
  if (payload.size() <= longest_short_length) {
    block.push_back(static_cast<char>(payload.size()));
  } else if (payload.size() <= UINT16_MAX) {
    block.push_back(length_of_16_bits);
    append_big_endian(block, static_cast<std::uint16_t>(payload.size()));
  } else {
    block.push_back(length_of_64_bits);
    append_big_endian(block, static_cast<std::uint64_t>(payload.size()));
  }
  block.append(payload);
}

void append_close_frame(std::string& block, const Disconnect& disconnect) {
  std::string payload;
  if (disconnect.code != close_code::no_status) append_big_endian(payload, disconnect.code);
  append_frame(block, Opcode::close, payload.append(disconnect.reason));
}

}  // namespace coroom::websocket
