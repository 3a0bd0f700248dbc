#pragma once

#include "support/peer.hpp"

#include <coroom/task.hpp>

#include <string>

namespace coroom::test {

/// Runs a server, which gets one connection after its handshake, and a client, which gets the server's URL,
/// on one thread until both have ended. What takes over twenty seconds, or throws, fails the test.
void converse(task<> (*server)(Peer&), task<> (*client)(std::string url),
              const PeerOptions& options = PeerOptions());

/// The same with a server that gets the bare socket.
void converse_raw(task<> (*server)(boost::asio::ip::tcp::socket), task<> (*client)(std::string url));

}  // namespace coroom::test
