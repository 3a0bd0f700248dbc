#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coroom::test {

/// What a peer offers in its handshake.
struct PeerOptions {
  PeerOptions() = default;

  bool deflate = false;
  std::string subprotocol;  ///< named in the answer if not empty
  std::string tls_pem;      ///< a certificate and its key: the peer speaks TLS if not empty
};

/// The server's end of a WebSocket, by Beast, for the clients of a test to talk to. Each call is awaited
/// before the next.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;

  /// The TLS and WebSocket handshakes; gives whether both came about.
  virtual task<bool> accept() = 0;

  virtual task<std::optional<Message>> read() = 0;
  virtual task<> write(Message message) = 0;

  /// A part of a text message; the last one if `final`.
  virtual task<> write_part(std::string part, bool final) = 0;
  virtual task<> ping(std::string payload) = 0;
  virtual task<> close(Disconnect how) = 0;

  /// These bytes as they are, past the WebSocket (of TCP alone).
  virtual task<> write_raw(std::string bytes) = 0;

  /// Reads and answers nothing until the client's socket ends (of TCP alone).
  virtual task<> wait_for_end() = 0;

  /// Ends the connection by RST.
  virtual void reset() = 0;

  /// The upgrade request's field; empty if it is not there.
  [[nodiscard]] virtual std::string field(const std::string& name) const = 0;

  /// The client's close frame.
  [[nodiscard]] virtual Disconnect end() const = 0;

  /// Payloads of the pings and pongs that came.
  [[nodiscard]] virtual const std::vector<std::string>& pings() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& pongs() const = 0;
};

/// Reads until the connection has ended.
task<> only_read(Peer& peer);

std::unique_ptr<Peer> make_peer(boost::asio::ip::tcp::socket socket, const PeerOptions& options);

}  // namespace coroom::test
