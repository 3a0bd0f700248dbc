#pragma once

#include "http/http_connection.hpp"
#include "limits/address_limits.hpp"
#include "net/tls_context.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace coroom::detail::application {

/// Numbers connections and knows how many there are, in all and of each address. Used by all shards.
class ConnectionCounter {
 public:
  /// `limit`: connections; beyond it a newcomer is answered 503. `addresses` outlives it.
  ConnectionCounter(std::size_t limit, limits::AddressLimits& addresses)
      : limit_(limit), addresses_(addresses) {}

  ConnectionCounter(const ConnectionCounter&) = delete;
  ConnectionCounter& operator=(const ConnectionCounter&) = delete;
  ~ConnectionCounter() = default;

  /// One connection, counted until this is destroyed.
  class Slot {
   public:
    Slot(ConnectionCounter& counter, const boost::asio::ip::address& peer);
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();

    std::uint64_t number;
    http::Admission admission;

   private:
    ConnectionCounter& counter_;
    limits::AddressLimits::ConnectionSlot connection_slot_;
  };

 private:
  std::size_t limit_;
  limits::AddressLimits& addresses_;
  std::atomic<std::size_t> live_{0};
  std::atomic<std::uint64_t> last_number_{0};
};

/// One accepted socket from its first byte to its last: HTTP, and what HTTP may turn into, in tasks of the
/// shard's. With `tls` it speaks TLS. The counter and all of the context outlive them.
void start_connection(boost::asio::ip::tcp::socket socket, net::TlsContext* tls, ConnectionCounter& counter,
                      http::HttpContext context);

}  // namespace coroom::detail::application
