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

/// Features of a peer in its handshake.
struct PeerOptions {
  PeerOptions() = default;

  bool deflate = false;
  std::string subprotocol;  ///< selected in the response if not empty
  std::string tls_pem;      ///< a certificate and its key; if not empty, the peer uses TLS
};

/// The server's end of a WebSocket, implemented by Beast. Calls must not overlap.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;

  /// Performs the TLS and WebSocket handshakes, and returns whether both succeeded.
  virtual task<bool> accept() = 0;

  virtual task<std::optional<Message>> read() = 0;
  virtual task<> write(Message message) = 0;

  /// Sends a fragment of a text message, the last one if `final`.
  virtual task<> write_part(std::string part, bool final) = 0;
  virtual task<> ping(std::string payload) = 0;
  virtual task<> close(Disconnect how) = 0;

  /// Sends bytes over TCP, without a frame. Not with TLS.
  virtual task<> write_raw(std::string bytes) = 0;

  /// Waits for the end of the client's socket, without reading frames. Not with TLS.
  virtual task<> wait_for_end() = 0;

  /// Ends the connection by RST.
  virtual void reset() = 0;

  /// Returns a field of the upgrade request, empty if it is missing.
  [[nodiscard]] virtual std::string field(const std::string& name) const = 0;

  /// Returns the client's close frame.
  [[nodiscard]] virtual Disconnect end() const = 0;

  /// Returns the payloads of received pings and pongs.
  [[nodiscard]] virtual const std::vector<std::string>& pings() const = 0;
  [[nodiscard]] virtual const std::vector<std::string>& pongs() const = 0;
};

/// Reads until the connection has ended.
task<> only_read(Peer& peer);

std::unique_ptr<Peer> make_peer(boost::asio::ip::tcp::socket socket, const PeerOptions& options);

}  // namespace coroom::test
