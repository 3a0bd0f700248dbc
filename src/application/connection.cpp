#include "application/connection.hpp"

#include <memory>
#include <utility>

namespace coroom::application {

ConnectionCounter::Slot::Slot(ConnectionCounter& counter)
    : number(++counter.last_number_),
      admission(++counter.live_ > counter.limit_ ? http::Admission::server_full : http::Admission::welcome),
      counter_(counter) {}

ConnectionCounter::Slot::~Slot() {
  --counter_.live_;
}

void start_connection(net::Socket socket, ConnectionCounter& counter, http::Context context) {
  const auto slot = std::make_shared<ConnectionCounter::Slot>(counter);
  context.counters.add(slot->admission == http::Admission::welcome ? Count::connections
                                                                   : Count::connections_refused);
  http::start_session(std::move(socket), slot->number, slot->admission, context, slot);
}

}  // namespace coroom::application
