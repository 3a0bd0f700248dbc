#pragma once

#include "http/http_connection.hpp"
#include "limits/address_limits.hpp"
#include "net/tls_context.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace coroom::detail::application {

/// The numbers and counts of connections, in total and by address. All shards use it.
class ConnectionCounter {
 public:
  /// `limit`: the most connections; further ones are answered with 503. `addresses` must outlive the counter.
  ConnectionCounter(std::size_t limit, limits::AddressLimits& addresses)
      : limit_(limit), addresses_(addresses) {}

  ConnectionCounter(const ConnectionCounter&) = delete;
  ConnectionCounter& operator=(const ConnectionCounter&) = delete;
  ~ConnectionCounter() = default;

  /// One connection, counted until its slot is destroyed.
  class Slot {
   public:
    Slot(ConnectionCounter& counter, const boost::asio::ip::address& peer);
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();

    std::uint64_t number;
    limits::Admission admission;

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

/// Serves one accepted socket to its end, in tasks of the shard: HTTP, and a session after an upgrade. `tls`:
/// nullptr for no TLS. The counter and all that the context refers to must outlive those tasks.
void start_connection(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& peer,
                      net::TlsContext* tls, ConnectionCounter& counter, http::HttpContext context);

}  // namespace coroom::detail::application
