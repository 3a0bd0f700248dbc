#include "net/tls_session.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <cerrno>
#include <new>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace coroom::net {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;

/// OpenSSL's way to write to a std::string.
class StringSink {
 public:
  StringSink() : method_(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "output")) {
    BIO_meth_set_write_ex(method_, [](BIO* bio, const char* data, std::size_t size, std::size_t* written) {
      static_cast<std::string*>(BIO_get_data(bio))->append(data, size);
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

  /// nullptr if there is no memory for it.
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

/// Before each call: what failed before must not be taken for its failure.
void forget_errors() {
  ERR_clear_error();
  errno = 0;
}

}  // namespace

void TlsSession::Free::operator()(SSL* ssl) const {
  SSL_free(ssl);
}

TlsSession::TlsSession(SSL_CTX* context, int descriptor) : ssl_(SSL_new(context)) {
  static const StringSink sink;
  BIO* input = BIO_new_socket(descriptor, BIO_NOCLOSE);
  BIO* output = sink.make(output_);
  if (!ssl_ || input == nullptr || output == nullptr) {
    BIO_free(input);
    BIO_free(output);
    throw std::bad_alloc();
  }
  SSL_set_bio(ssl_.get(), input, output);
  SSL_set_accept_state(ssl_.get());
}

TlsSession::~TlsSession() = default;

error_code TlsSession::handshake() {
  forget_errors();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? error_code() : error_of(result);
}

std::size_t TlsSession::read(std::span<char> data, error_code& ec) {
  std::size_t total = 0;
  filled_ = false;
  while (!ended_ && !filled_) {
    forget_errors();
    std::size_t size = 0;
    const int result = SSL_read_ex(ssl_.get(), data.data() + total, data.size() - total, &size);
    total += size;
    filled_ = total == data.size();
    if (result == 1) continue;
    const error_code why = error_of(result);
    if (why == asio::error::would_block) {
      if (total == 0) ec = why;
      return total;
    }
    ended_ = why;
  }
  if (total == 0) ec = ended_;
  return total;
}

bool TlsSession::has_pending() const {
  // Behind a read that was not filled there may be a part of a record, which is of no use yet.
  return ended_ || (filled_ && SSL_has_pending(ssl_.get()) == 1);
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
  std::string().swap(output_);  // a connection that waits holds no buffer
  sent_ = 0;
}

error_code TlsSession::error_of(int result) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return asio::error::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return asio::error::eof;
    case SSL_ERROR_SSL:
      return {static_cast<int>(ERR_get_error()), asio::error::get_ssl_category()};
    default:  // of the socket
      if (system_error == 0) return asio::error::eof;
      return {system_error, boost::system::system_category()};
  }
}

bool is_plain_http(const error_code& ec) {
  return ec.category() == asio::error::get_ssl_category() &&
         ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_HTTP_REQUEST;
}

}  // namespace coroom::net
