#include "net/silence.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace coroom::net {

std::chrono::milliseconds silence_of(boost::asio::ip::tcp::socket& socket) {
  boost::system::error_code ec;
  if (socket.available(ec) != 0) return std::chrono::milliseconds(0);
  tcp_info info{};
  socklen_t size = sizeof info;
  if (ec || ::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return std::chrono::milliseconds::max();
  return std::chrono::milliseconds(info.tcpi_last_data_recv);
}

}  // namespace coroom::net
