#include "net/silence.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace coroom::detail::net {

std::chrono::milliseconds silence_of(boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code ec;
  const bool is_unread = socket.available(ec) != 0;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (ec || ::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return std::chrono::milliseconds::max();
  // With unread bytes, the receive buffer may be too full for a reply. Then only the acknowledgements of the
  // peer show that it is alive.
  return std::chrono::milliseconds(is_unread ? info.tcpi_last_ack_recv : info.tcpi_last_data_recv);
}

}  // namespace coroom::detail::net
