#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <span>
#include <string>

namespace coroom::detail::net {

/// The server's side of TLS on one connection (RFC 8446, RFC 5246). OpenSSL reads the non-blocking socket
/// directly. Output is collected here as records, so that many are sent at once. Errors are those of the
/// socket, `eof` if the peer has closed or lost the connection, and those of Asio's TLS category.
class TlsSession {
 public:
  /// `descriptor` is that of the socket. The session must not read after the socket is closed.
  TlsSession(SSL_CTX* context, int descriptor);

  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  /// Continues the handshake. Without an error it is complete; `would_block` means that more bytes of the
  /// peer are needed. There may be output in both cases.
  boost::system::error_code handshake();

  /// Returns whether any byte was received from the peer.
  [[nodiscard]] bool has_received() const;

  /// Decrypts received data into `data`. The number of records in one call is bounded, since small records
  /// are expensive and other connections must be served too. Returns 0 with an error if there is no data. The
  /// error is `protocol_error` if the peer sends more records without data than is_too_much() allows. There
  /// may also be output.
  std::size_t read(std::span<char> data, boost::system::error_code& ec);

  /// Returns whether a read would return data or an end that the socket does not report.
  [[nodiscard]] bool has_pending() const;

  /// Returns whether the peer has closed or lost the connection and all received data was read.
  [[nodiscard]] bool at_end();

  /// Encrypts the data into records, after the existing output. Returns false if no more can be sent.
  bool write(std::span<const char> data);

  /// Appends a close_notify alert to the output.
  void write_end();

  /// Returns the bytes to send.
  [[nodiscard]] std::span<const char> output() const { return std::span(output_).subspan(sent_); }

  /// Removes the oldest `count` bytes of the output, which the socket has accepted.
  void consume(std::size_t count);

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };

  boost::system::error_code error_of(int result);
  void on_record(unsigned char type);

  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string output_;
  std::size_t sent_ = 0;             // bytes of the output that were sent
  boost::system::error_code ended_;  // the error that ended reading
  bool left_over_ = false;           // the last read ended before it had read all received data
  bool established_ = false;         // the handshake is complete
  std::size_t records_ = 0;          // during the handshake, then during the current read
  std::size_t without_data_ = 0;     // records without data since the handshake
  std::uint64_t data_ = 0;           // bytes of data since the handshake
  bool overdone_ = false;            // the peer has sent too many records
};

/// Returns whether a peer has sent too many records without data for `data` bytes of data. Such records are
/// key updates, alerts and renegotiation attempts. Each is expensive to process, and an honest peer sends
/// few.
bool is_too_much(std::size_t records_without_data, std::uint64_t data);

/// Returns whether a handshake failed because the client sent HTTP without TLS.
bool is_plain_http(const boost::system::error_code& ec);

}  // namespace coroom::detail::net
