// The echo server of coroom's examples, written in the usual way on Boost.Beast with coroutines: one thread,
// and an async_read and an async_write for each message.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/program_options.hpp>

#include <cstdlib>
#include <iostream>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::use_awaitable;
using asio::ip::tcp;

/// Throws when the connection ends for any reason.
asio::awaitable<void> echo(tcp::socket socket) {
  socket.set_option(tcp::no_delay(true));
  beast::websocket::stream<beast::tcp_stream> ws(std::move(socket));
  ws.set_option(beast::websocket::stream_base::timeout::suggested(beast::role_type::server));
  co_await ws.async_accept(use_awaitable);
  beast::flat_buffer buffer;
  while (true) {
    co_await ws.async_read(buffer, use_awaitable);
    ws.text(ws.got_text());
    co_await ws.async_write(buffer.data(), use_awaitable);
    buffer.consume(buffer.size());
  }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor) {
  while (true) {
    tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    co_spawn(acceptor.get_executor(), echo(std::move(socket)), asio::detached);
  }
}

void run(int argc, const char* const* argv) {
  namespace po = boost::program_options;
  unsigned short port = 0;
  po::options_description flags("An echo server on plain Beast");
  flags.add_options()("port", po::value(&port)->default_value(8888), "TCP port; 0 picks a free port");
  po::variables_map values;
  po::store(po::parse_command_line(argc, argv, flags), values);
  po::notify(values);

  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
  std::cout << "listening on port " << acceptor.local_endpoint().port() << '\n' << std::flush;
  co_spawn(context, accept(acceptor), asio::detached);
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "beast-echo: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
