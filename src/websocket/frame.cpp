#include "websocket/frame.hpp"

#include <boost/endian/conversion.hpp>

#include <cstddef>

namespace coroom::websocket {
namespace {

constexpr unsigned final_fragment = 0x80;
constexpr unsigned close_opcode = 8;
constexpr std::size_t longest_short_length = 125;
constexpr char length_of_16_bits = 126;
constexpr char length_of_64_bits = 127;

template <class Length>
void append_big_endian(std::string& block, Length length) {
  const Length ordered = boost::endian::native_to_big(length);
  block.append(reinterpret_cast<const char*>(&ordered), sizeof ordered);
}

}  // namespace

void append_frame(std::string& block, Opcode opcode, std::string_view payload) {
  block.push_back(static_cast<char>(final_fragment | static_cast<unsigned>(opcode)));
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

bool is_close_frame(std::string_view bytes) {
  return !bytes.empty() && static_cast<unsigned char>(bytes.front()) == (final_fragment | close_opcode);
}

}  // namespace coroom::websocket
