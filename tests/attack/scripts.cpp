#include "attack/scripts.hpp"

#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/request_builder.hpp"

#include <new>
#include <utility>
#include <vector>
#include <zlib.h>

namespace coroom::test::attack {
namespace {

constexpr std::uint16_t any_port = 80;  // in the Host field, which matters only with an Origin

}  // namespace

std::string get(std::string_view target) {
  return testkit::RequestBuilder("GET", target).bytes();
}

std::string upgrade(std::string_view target, std::string_view fields) {
  return upgrade_request(any_port, target, fields);
}

std::string text(std::string_view payload) {
  return masked_frame(0x80U | static_cast<unsigned>(opcode::text), payload);
}

std::string deflated_zeros(std::size_t size) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw std::bad_alloc();
  std::vector<Bytef> zeros(size);
  std::string deflated(deflateBound(&stream, static_cast<uLong>(size)), '\0');
  stream.next_in = zeros.data();
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_out = static_cast<uInt>(deflated.size());
  deflate(&stream, Z_SYNC_FLUSH);
  constexpr std::size_t left_out = 4;  // RFC 7692 section 7.2.1
  deflated.resize(stream.total_out - left_out);
  deflateEnd(&stream);
  return deflated;
}

AttackScript plain(std::string_view room, std::string message) {
  AttackScript script;
  script.opening = upgrade("/chat?room=" + std::string(room));
  script.message = std::move(message);
  return script;
}

AttackScript centrifuge(std::string_view lines) {
  AttackScript script;
  script.opening = upgrade("/connection/websocket");
  script.message = text(testkit::command(1, "connect") + '\n' + std::string(lines));
  return script;
}

}  // namespace coroom::test::attack
