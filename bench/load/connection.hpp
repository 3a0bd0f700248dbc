#pragma once

#include "testkit/frame_reader.hpp"
#include "testkit/handshake_request.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::bench {

/// The address of the server: `ws://127.0.0.1:8000/chat?room=x`, or `wss://`, which accepts any certificate.
/// With it, the header fields of the upgrade request.
struct LoadTarget {
  bool tls = false;
  std::string address;
  std::uint16_t port = 0;
  std::string path;
  testkit::HandshakeFields fields = testkit::HandshakeFields::required;
};

Result<LoadTarget> parse_target(const std::string& url);

/// Returns a whole data frame of a client. Its mask is a key of zeros, which leaves the payload unchanged.
std::string client_frame(unsigned opcode, std::string_view payload);

/// A file descriptor, closed by the destructor.
class OwnedDescriptor {
 public:
  explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  OwnedDescriptor(const OwnedDescriptor&) = delete;
  OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
  ~OwnedDescriptor();

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// One WebSocket connection of the load generator, on a non-blocking socket. It only goes from frame header
/// to frame header, so the work for each byte is minimal.
class LoadConnection {
 public:
  /// Connects, which blocks, and sends the upgrade request. The response is read with all other data.
  static Result<LoadConnection> open(const LoadTarget& target);

  [[nodiscard]] int socket() const { return socket_.get(); }
  [[nodiscard]] bool upgraded() const { return phase_ != Phase::upgrading; }

  /// Returns whether the closing handshake is complete, and the server has ended the connection.
  [[nodiscard]] bool ended() const { return phase_ == Phase::ended; }

  /// Reads available data into `buffer`, which all connections share. Calls `on_text(payload)` for every text
  /// or binary frame. Fails when the server rejects the upgrade, breaks the protocol, or closes before
  /// begin_close().
  template <class OnText>
  Result<> read(std::span<char> buffer, OnText&& on_text);

  /// Sends the frame, or keeps the part that the socket does not accept yet for flush().
  Result<> send(std::string_view frame);
  Result<> flush();
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }

  /// Begins the closing handshake. Returns the close frame, which must be sent next.
  std::string begin_close();

  /// Lets the connection end with a reset.
  void reset_when_closed();

 private:
  enum class Phase { upgrading, open, close_sent, closed, ended };

  explicit LoadConnection(int socket) : socket_(socket) {}

  struct FreeTls {
    void operator()(SSL* tls) const;
  };

  /// Performs the TLS handshake.
  Result<> start_tls();

  Result<std::size_t> receive(std::span<char> buffer);
  Result<std::size_t> receive_by_tls(std::span<char> buffer);

  /// Handles the end of the server's data. Returns the number of received bytes, 0, or an error if the
  /// closing handshake is not complete.
  Result<std::size_t> on_end();

  /// Returns the bytes of unsent_ that were sent; 0 if the socket accepts none now.
  Result<std::size_t> send_some();
  Result<> finish_upgrade(std::string_view& data);
  Result<> on_control(unsigned opcode, std::string_view payload);

  OwnedDescriptor socket_;
  std::unique_ptr<SSL, FreeTls> tls_;  // none: no TLS
  Phase phase_ = Phase::upgrading;
  testkit::FrameReader reader_{testkit::FrameSender::server};
  std::string partial_;  // the bytes of an incomplete frame
  std::string unsent_;
};

template <class OnText>
Result<> LoadConnection::read(std::span<char> buffer, OnText&& on_text) try {
  while (true) {
    const std::size_t kept = partial_.size();
    partial_.copy(buffer.data(), kept);
    const auto received = receive(buffer.subspan(kept));
    if (!received) return tl::unexpected(received.error());
    if (*received == 0) return {};
    std::string_view data(buffer.data(), kept + *received);
    const bool more = data.size() == buffer.size();
    if (auto upgrade = finish_upgrade(data); !upgrade) return upgrade;
    while (upgraded()) {
      const testkit::FrameView frame = reader_.next(data);
      if (frame.size == 0) break;
      if (frame.head.opcode == 1 || frame.head.opcode == 2) {
        on_text(frame.payload);
      } else if (auto handled = on_control(frame.head.opcode, frame.payload); !handled) {
        return handled;
      }
      data.remove_prefix(frame.size);
    }
    partial_ = data;
    if (!more) return {};
  }
} catch (const testkit::FrameFault& fault) {
  return failure(std::string("the server broke the protocol: ") + fault.what());
}

}  // namespace coroom::bench
