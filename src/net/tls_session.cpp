#include "net/tls_session.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <new>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string_view>
#include <sys/socket.h>

namespace coroom::detail::net {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

/// An OpenSSL BIO that writes to a std::string.
class StringSink {
 public:
  StringSink() : method_(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "output")) {
    BIO_meth_set_write_ex(method_, [](BIO* bio, const char* data, std::size_t size, std::size_t* written) {
      *written = 0;
      try {
        static_cast<std::string*>(BIO_get_data(bio))->append(data, size);
      } catch (const std::bad_alloc&) {  // exceptions must not pass through OpenSSL
        return 0;
      }
      *written = size;
      return 1;
    });
    BIO_meth_set_ctrl(method_, [](BIO* /*bio*/, int command, long /*number*/, void* /*data*/) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
  }
  StringSink(const StringSink&) = delete;
  StringSink& operator=(const StringSink&) = delete;
  ~StringSink() { BIO_meth_free(method_); }

  /// Returns nullptr if memory is short.
  [[nodiscard]] BIO* make(std::string& target) const {
    BIO* bio = BIO_new(method_);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &target);
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  BIO_METHOD* method_;
};

/// Checks the size of a client's hello, which is unencrypted, as the bytes of a handshake pass. OpenSSL
/// allocates as much memory as the hello claims to need. Pure.
class HelloCheck {
 public:
  /// Returns false for a hello that is too large. `version` is the TLS version, as far as it is known.
  bool take(std::string_view bytes, int version) {
    while (!bytes.empty() && state_ != State::done) {
      if (state_ == State::header) {
        header_[size_++] = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (size_ == header_.size()) begin_record(version);
      } else {
        const std::size_t part = std::min(left_, bytes.size());
        if (header_[0] == SSL3_RT_HANDSHAKE && !take_payload(bytes.substr(0, part))) return false;
        bytes.remove_prefix(part);
        left_ -= part;
        if (left_ == 0) state_ = State::header;
      }
    }
    return true;
  }

 private:
  enum class State { header, payload, done };

  static constexpr std::size_t largest = 16 * 1024;  // bytes; a browser's hello has about two thousand

  void begin_record(int version) {
    size_ = 0;
    left_ = std::size_t{header_[3]} << 8U | header_[4];
    state_ = left_ == 0 ? State::header : State::payload;
    // Below TLS 1.3, everything after this record is encrypted. In TLS 1.3, encrypted records do not have the
    // type of a handshake, and a second hello may follow in the clear.
    if (header_[0] == SSL3_RT_CHANGE_CIPHER_SPEC && version < TLS1_3_VERSION) state_ = State::done;
    if (header_[1] != SSL3_VERSION_MAJOR) state_ = State::done;  // not a TLS record
  }

  /// A handshake message has a type and a length of three bytes, and may span records.
  bool take_payload(std::string_view bytes) {
    while (!bytes.empty()) {
      if (message_size_ != message_.size()) {
        message_[message_size_++] = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        if (message_size_ != message_.size()) continue;
        message_left_ = std::size_t{message_[1]} << 16U | std::size_t{message_[2]} << 8U | message_[3];
        if (message_left_ > largest) return false;
      }
      const std::size_t part = std::min(message_left_, bytes.size());
      bytes.remove_prefix(part);
      message_left_ -= part;
      if (message_left_ == 0) message_size_ = 0;
    }
    return true;
  }

  State state_ = State::header;
  std::array<unsigned char, 5> header_{};  // of a record
  std::size_t size_ = 0;                   // bytes received of the header
  std::size_t left_ = 0;                   // bytes left of the record's payload
  std::array<unsigned char, 4> message_{};
  std::size_t message_size_ = 0;  // bytes received of the message's header
  std::size_t message_left_ = 0;
};

/// An OpenSSL BIO that reads a socket through the check.
class SocketSource {
 public:
  SocketSource() : method_(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket")) {
    BIO_meth_set_read_ex(method_, [](BIO* bio, char* data, std::size_t size, std::size_t* read) {
      auto& state = *static_cast<State*>(BIO_get_data(bio));
      BIO_clear_retry_flags(bio);
      const ssize_t result = ::recv(state.descriptor, data, size, 0);
      *read = result > 0 ? static_cast<std::size_t>(result) : 0;
      if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
      state.ended = result == 0;
      if (result <= 0) return 0;
      if (state.check.take({data, *read}, SSL_version(state.ssl))) return 1;
      errno = EPROTO;
      return 0;
    });
    BIO_meth_set_ctrl(method_, [](BIO* bio, int command, long /*number*/, void* /*data*/) -> long {
      return command == BIO_CTRL_EOF && static_cast<State*>(BIO_get_data(bio))->ended ? 1 : 0;
    });
    BIO_meth_set_destroy(method_, [](BIO* bio) {
      delete static_cast<State*>(BIO_get_data(bio));  // NOLINT: it is a BIO's to own
      return 1;
    });
  }
  SocketSource(const SocketSource&) = delete;
  SocketSource& operator=(const SocketSource&) = delete;
  ~SocketSource() { BIO_meth_free(method_); }

  /// Returns nullptr if memory is short.
  [[nodiscard]] BIO* make(const SSL* ssl, int descriptor) const {
    auto state = std::make_unique<State>(ssl, descriptor);
    BIO* bio = BIO_new(method_);
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, state.release());
    BIO_set_init(bio, 1);
    return bio;
  }

 private:
  struct State {
    State(const SSL* reader, int of) : ssl(reader), descriptor(of) {}

    const SSL* ssl;
    int descriptor;
    bool ended = false;
    HelloCheck check;
  };

  BIO_METHOD* method_;
};

constexpr std::size_t records_of_handshake = 64;  // a client needs only a few
constexpr std::size_t records_a_read = 64;        // a read of full records takes four
constexpr std::size_t few_without_data = 16;
constexpr std::uint64_t data_for_one_more = 64 * 1024;  // bytes; keys are updated only after many megabytes

/// Must precede each call, so that an old error is not taken for its error.
void forget_errors() {
  ERR_clear_error();
  errno = 0;
}

}  // namespace

void TlsSession::FreeSsl::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

TlsSession::TlsSession(SSL_CTX* context, int descriptor) : ssl_(SSL_new(context)) {
  static const StringSink sink;
  static const SocketSource source;
  BIO* input = ssl_ ? source.make(ssl_.get(), descriptor) : nullptr;
  BIO* output = sink.make(output_);
  if (!ssl_ || input == nullptr || output == nullptr) {
    BIO_free(input);
    BIO_free(output);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_.get(), input, output);
  SSL_set_accept_state(ssl_.get());
  SSL_set_msg_callback_arg(ssl_.get(), this);
  SSL_set_msg_callback(ssl_.get(), [](int sent, int /*version*/, int what, const void* data, std::size_t size,
                                      SSL* /*ssl*/, void* self) {
    // In TLS 1.3, the outer type of an encrypted record is always application data; the real type is inside.
    if (sent == 0 && size != 0 && (what == SSL3_RT_HEADER || what == SSL3_RT_INNER_CONTENT_TYPE)) {
      auto& session = *static_cast<TlsSession*>(self);
      if (what == SSL3_RT_HEADER) ++session.records_;
      session.on_record(*static_cast<const unsigned char*>(data));
    }
  });
}

TlsSession::~TlsSession() = default;

/// OpenSSL keeps reading until it has data or the socket is empty. Before each record it checks only whether
/// a close_notify was received. Setting that state makes it stop.
void TlsSession::on_record(unsigned char type) {
  if (established_) {
    if (type != SSL3_RT_APPLICATION_DATA) ++without_data_;
    overdone_ = is_too_much(without_data_, data_);
  } else {
    overdone_ = records_ > records_of_handshake;
  }
  if (overdone_) SSL_set_shutdown(ssl_.get(), SSL_RECEIVED_SHUTDOWN);
}

error_code TlsSession::handshake() {
  forget_errors();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return error_of(result);
  established_ = true;
  return {};
}

bool TlsSession::has_received() const {
  return BIO_number_read(SSL_get_rbio(ssl_.get())) != 0;
}

std::size_t TlsSession::read(std::span<char> data, error_code& ec) {
  std::size_t total = 0;
  left_over_ = false;
  records_ = 0;
  while (!ended_ && !left_over_) {
    forget_errors();
    std::size_t size = 0;
    const int result = SSL_read_ex(ssl_.get(), data.data() + total, data.size() - total, &size);
    total += size;
    data_ += size;
    left_over_ = total == data.size() || records_ >= records_a_read;
    if (result == 1) continue;
    const error_code why = error_of(result);
    if (why == asio::error::would_block) {
      left_over_ = false;
      if (total == 0) ec = why;
      return total;
    }
    ended_ = why;
  }
  if (total == 0) ec = ended_;
  return total;
}

bool TlsSession::has_pending() const {
  // After a read of all data, a part of a record may be left, which cannot be decrypted yet.
  return ended_ || (left_over_ && SSL_has_pending(ssl_.get()) == 1);
}

bool TlsSession::at_end() {
  if (ended_) return true;
  forget_errors();
  char next = 0;
  std::size_t size = 0;
  const int result = SSL_peek_ex(ssl_.get(), &next, 1, &size);
  if (result == 1) return false;
  const error_code why = error_of(result);
  if (why != asio::error::would_block) ended_ = why;
  return static_cast<bool>(ended_);
}

bool TlsSession::write(std::span<const char> data) {
  forget_errors();
  std::size_t written = 0;
  return data.empty() || SSL_write_ex(ssl_.get(), data.data(), data.size(), &written) == 1;
}

void TlsSession::write_end() {
  forget_errors();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
}

void TlsSession::consume(std::size_t count) {
  sent_ += count;
  if (sent_ != output_.size()) return;
  std::string().swap(output_);  // an idle connection holds no buffer
  sent_ = 0;
}

error_code TlsSession::error_of(int result) {
  const int system_error = errno;
  if (overdone_ || system_error == EPROTO) return make_error_code(boost::system::errc::protocol_error);
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SSL:
      return {static_cast<int>(ERR_get_error()), asio::error::get_ssl_category()};
    default:  // an error of the socket
      if (system_error == 0) return asio::error::eof;
      return {system_error, boost::system::system_category()};
  }
}

bool is_too_much(std::size_t records_without_data, std::uint64_t data) {
  return records_without_data > few_without_data + data / data_for_one_more;
}

bool is_plain_http(const error_code& ec) {
  return ec.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace coroom::detail::net
