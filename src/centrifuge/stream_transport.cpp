#include "centrifuge/stream_transport.hpp"

#include "centrifuge/encoded_reply.hpp"
#include "centrifuge/origin.hpp"

#include <coroom/origin.hpp>

namespace coroom::detail::centrifuge {

std::string StreamTransport::farewell(const Disconnect& why) const {
  return encoded_push(encoding(), why);
}

task<> StreamTransport::prepare() {
  if (is_origin_allowed(settings(), request())) {
    for (auto& [name, value] : cross_origin_fields(request())) set_header(name, value);
  }
  if (request().method == "OPTIONS") co_return;
  first_ = request().method == "POST" ? request().body : get_argument("cf_connect", "");
  if (first_.size() > max_message_size()) {
    send_error(413, "The commands are too long.");
  } else {
    check_first(first_);
  }
}

task<> StreamTransport::options() {
  set_status(204);
  co_return;
}

void StreamTransport::use_protobuf() {
  set_encoding(Encoding::protobuf);
  framing_ = Framing::Kind::bytes;
}

}  // namespace coroom::detail::centrifuge
