#pragma once

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <span>
#include <string>

namespace coroom::detail::net {

/// The server's side of TLS on one connection (RFC 8446, RFC 5246). OpenSSL reads the non-blocking socket by
/// itself; what is to be sent is gathered here as records, so that many leave in one send. Errors are those
/// of the socket, `eof` where the peer has said goodbye or is gone, and those of Asio's TLS category.
class TlsSession {
 public:
  /// `descriptor` is the socket's. Nothing is to be read once that is closed.
  TlsSession(SSL_CTX* context, int descriptor);

  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  /// Goes on with the handshake, which is done when there is no error; `would_block` if more has to come
  /// first. In either case there may be output.
  boost::system::error_code handshake();

  /// Returns whether any byte has come from the peer.
  [[nodiscard]] bool has_received() const;

  /// Decrypts what has come and fits, of a bounded number of records: small ones are much work, and others
  /// have their turn. 0 with an error if that is nothing; `protocol_error` for a peer that sends more records
  /// without data than is_too_much() allows. There may be output too.
  std::size_t read(std::span<char> data, boost::system::error_code& ec);

  /// Whether a read gives something, an end perhaps, of which the socket knows no more.
  [[nodiscard]] bool has_pending() const;

  /// Whether the peer has said that nothing more will come, or is gone, and all that came has been read.
  [[nodiscard]] bool at_end();

  /// Makes records of the data, behind the output that there is; false if no more can be sent.
  bool write(std::span<const char> data);

  /// The same with the alert that nothing follows (close_notify).
  void write_end();

  /// What is to be sent.
  [[nodiscard]] std::span<const char> output() const { return std::span(output_).subspan(sent_); }

  /// The socket took the oldest `count` bytes of it.
  void consume(std::size_t count);

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };

  boost::system::error_code error_of(int result);
  void on_record(unsigned char type);

  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string output_;
  std::size_t sent_ = 0;             // of the output
  boost::system::error_code ended_;  // how reading has
  bool left_over_ = false;           // the last read ended before all that had come was read
  bool established_ = false;         // the handshake is done
  std::size_t records_ = 0;          // of the handshake, and then of the read at hand
  std::size_t without_data_ = 0;     // records since the handshake
  std::uint64_t data_ = 0;           // bytes since then
  bool overdone_ = false;            // there were too many records
};

/// Whether a peer sends too much beside `data` bytes of data. Records without data are updates of keys,
/// alerts and attempts at another handshake: each costs more than it looks, and an honest peer sends few.
bool is_too_much(std::size_t records_without_data, std::uint64_t data);

/// Whether a handshake failed because the client speaks HTTP without TLS.
bool is_plain_http(const boost::system::error_code& ec);

}  // namespace coroom::detail::net
