#include "application/connection.hpp"

#include <memory>
#include <utility>

namespace coroom::detail::application {
namespace {

Counter counted_as(limits::Admission admission) {
  switch (admission) {
    case limits::Admission::server_full:
      return Counter::connections_refused;
    case limits::Admission::too_many:
    case limits::Admission::flood:
      return Counter::address_refused;
    case limits::Admission::admitted:
      break;
  }
  return Counter::connections;
}

}  // namespace

ConnectionCounter::Slot::Slot(ConnectionCounter& counter, const boost::asio::ip::address& peer)
    : number(++counter.last_number_), counter_(counter), connection_slot_(counter.addresses_, peer) {
  const bool full = ++counter.live_ > counter.limit_;
  admission = connection_slot_.admission();
  if (full && admission == limits::Admission::admitted) admission = limits::Admission::server_full;
}

ConnectionCounter::Slot::~Slot() {
  --counter_.live_;
}

void start_connection(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& peer,
                      net::TlsContext* tls, ConnectionCounter& counter, http::HttpContext context) {
  const auto slot = std::make_shared<ConnectionCounter::Slot>(counter, peer);
  context.counters.add(counted_as(slot->admission));
  if (slot->admission == limits::Admission::flood) return;
  auto secure = tls != nullptr ? tls->session(socket.native_handle()) : nullptr;
  http::start_http_connection(net::Socket(std::move(socket), std::move(secure)),
                              {slot->number, peer, slot->admission}, context, slot);
}

}  // namespace coroom::detail::application
