#include "application/connection.hpp"

#include <utility>

namespace coroom::application {

ConnectionCounter::Slot::Slot(ConnectionCounter& counter)
    : number(++counter.last_number_),
      admission(++counter.live_ > counter.limit_ ? http::Admission::server_full : http::Admission::welcome),
      counter_(counter) {}

ConnectionCounter::Slot::~Slot() {
  --counter_.live_;
}

task<> run_connection(boost::asio::ip::tcp::socket socket, ConnectionCounter& counter,
                      http::Context context) {
  const ConnectionCounter::Slot slot(counter);
  context.counters.add(slot.admission == http::Admission::welcome ? Count::connections
                                                                  : Count::connections_refused);
  auto handover = co_await http::serve(std::move(socket), slot.number, slot.admission, context);
  if (!handover) co_return;
  // The request and its buffers are gone by now; what lives long holds only what it needs.
  const http::Upgrade become = std::move(handover->upgrade);
  co_await become(std::move(handover->socket), context.shard);
}

}  // namespace coroom::application
