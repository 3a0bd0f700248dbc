#include "server/service_manager.hpp"

#include <coroom/log.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>

#include <cstdlib>
#include <exception>
#include <string>

// The protocol is one datagram, and stable: sd_notify(3), "Standalone Implementations".
namespace coroom::server {
namespace {

std::string socket_name() {
  const char* const name = std::getenv("NOTIFY_SOCKET");
  return name != nullptr ? name : "";
}

}  // namespace

bool is_supervised() {
  return !socket_name().empty();
}

void notify_ready() {
  std::string name = socket_name();
  if (name.empty()) return;
  if (name.front() == '@') name.front() = '\0';  // an abstract name: unix(7)
  using Datagrams = boost::asio::local::datagram_protocol;
  const std::string state = "READY=1";
  try {
    boost::asio::io_context context;
    Datagrams::socket socket(context, Datagrams());
    socket.send_to(boost::asio::buffer(state), Datagrams::endpoint(name));
  } catch (const std::exception& error) {
    logging::warning("cannot notify the service manager", {{"cause", error.what()}});
  }
}

}  // namespace coroom::server
