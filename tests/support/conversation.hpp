#pragma once

#include "support/peer.hpp"

#include <coroom/task.hpp>

#include <string>

namespace coroom::test {

/// Runs a server and a client on one thread until both have ended. The server gets one connection after its
/// handshake, the client the server's URL. The test fails after twenty seconds or on an exception.
void converse(task<> (*server)(Peer&), task<> (*client)(std::string url),
              const PeerOptions& options = PeerOptions());

/// The same, with a server that gets the TCP socket.
void converse_raw(task<> (*server)(boost::asio::ip::tcp::socket), task<> (*client)(std::string url));

}  // namespace coroom::test
