#include "support/conversation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <utility>

namespace coroom::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Serve = std::function<task<>(tcp::socket)>;

task<> accept_one(tcp::acceptor& acceptor, Serve serve) {
  auto [ec, socket] = co_await acceptor.async_accept(as_result);
  acceptor.close();
  if (!ec) co_await serve(std::move(socket));
}

task<> serve_peer(tcp::socket socket, PeerOptions options, task<> (*server)(Peer&)) {
  const auto peer = make_peer(std::move(socket), options);
  const bool accepted = co_await peer->accept();
  if (accepted) co_await server(*peer);
}

void run(const Serve& serve, task<> (*client)(std::string), const std::string& scheme) {
  asio::io_context io(1);
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const auto url = scheme + "://localhost:" + std::to_string(acceptor.local_endpoint().port()) + "/path?a=b";
  const auto rethrow = [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  };
  asio::co_spawn(io, accept_one(acceptor, serve), rethrow);
  asio::co_spawn(io, client(url), [&](const std::exception_ptr& failure) {
    if (acceptor.is_open()) acceptor.close();
    rethrow(failure);
  });
  io.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(io.stopped()) << "a coroutine still waits";
}

}  // namespace

void converse(task<> (*server)(Peer&), task<> (*client)(std::string), const PeerOptions& options) {
  run([&](tcp::socket socket) { return serve_peer(std::move(socket), options, server); }, client,
      options.tls_pem.empty() ? "ws" : "wss");
}

void converse_raw(task<> (*server)(tcp::socket), task<> (*client)(std::string)) {
  run(server, client, "ws");
}

}  // namespace coroom::test
