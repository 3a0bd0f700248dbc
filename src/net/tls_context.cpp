#include "net/tls_context.hpp"

#include <coroom/log.hpp>

#include <filesystem>
#include <memory>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509.h>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace coroom::detail::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// TLS 1.2 ciphers with forward secrecy and authenticated encryption. TLS 1.3 uses OpenSSL's defaults.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view protocol = "\x08http/1.1";  // in ALPN wire format

/// Rejects a client whose protocols do not include ours (RFC 7301 section 3.2).
int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* /*data*/) {
  const auto* ours = reinterpret_cast<const unsigned char*>(protocol.data());
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(&found, size, ours, static_cast<unsigned>(protocol.size()),
                                           offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
  // A connection cut off without close_notify is detected by its content: lengths and close frames.
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection holds no buffer, and one call reads all received bytes.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets need no cache
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

/// Returns OpenSSL's message, with an explanation if the message is obscure.
std::string why(const error_code& ec) {
  if (ec.category() != boost::asio::error::get_ssl_category()) return ec.message();
  const auto code = static_cast<unsigned long>(ec.value());
  std::string reason = ec.message();
  if (ERR_GET_LIB(code) == ERR_LIB_PEM) return "not in PEM or damaged (" + reason + ")";
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_EE_KEY_TOO_SMALL)
    return "its key is too small for clients to trust (" + reason + "): an RSA key needs at least 2048 bits";
  return reason;
}

/// Warns if other users of the machine can read the private key.
void warn_of_readers(const std::filesystem::path& key) {
  std::error_code ec;
  const auto rights = std::filesystem::status(key, ec).permissions();
  if (!ec && (rights & std::filesystem::perms::others_read) != std::filesystem::perms::none)
    logging::warning("all users of this machine can read the key", {{"file", key.string()}});
}

/// Only warns: the server still starts with an invalid certificate, which clients reject.
void warn_of_dates(const ssl::context& context, const std::filesystem::path& file) {
  const X509* certificate = SSL_CTX_get0_certificate(const_cast<ssl::context&>(context).native_handle());
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
    logging::warning("the certificate has expired", {{"file", file.string()}});
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
    logging::warning("the certificate is not valid yet", {{"file", file.string()}});
}

Result<std::shared_ptr<ssl::context>> read(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  harden(context->native_handle());
  error_code ec;
  context->use_certificate_chain_file(files.certificate.string(), ec);
  if (ec) return failure("cannot read a certificate in '" + files.certificate.string() + "': " + why(ec));
  // Without the callback, OpenSSL would prompt on the terminal.
  const auto is_locked = std::make_shared<bool>(false);
  context->set_password_callback(
      [is_locked](auto, auto) {
        *is_locked = true;
        return std::string();
      },
      ec);
  context->use_private_key_file(files.key.string(), ssl::context::pem, ec);
  if (ec && *is_locked) {
    return failure(
        "the private key in '" + files.key.string() +
        "' is encrypted with a passphrase, which the server does not support: store the key without one");
  }
  if (ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == X509_R_KEY_VALUES_MISMATCH) {
    return failure("the key in '" + files.key.string() + "' does not belong to the certificate in '" +
                   files.certificate.string() + "'");
  }
  if (ec) return failure("cannot read a private key in '" + files.key.string() + "': " + why(ec));
  warn_of_dates(*context, files.certificate);
  warn_of_readers(files.key);
  return context;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::open(TlsFiles files) {
  auto context = std::unique_ptr<TlsContext>(new TlsContext(std::move(files)));
  if (auto loaded = context->reload(); !loaded) return tl::unexpected(loaded.error());
  return context;
}

Result<> TlsContext::reload() {
  auto read_anew = read(files_);
  if (!read_anew) return tl::unexpected(read_anew.error());
  const std::lock_guard<std::mutex> lock(mutex_);
  current_ = std::move(*read_anew);
  return {};
}

std::unique_ptr<TlsSession> TlsContext::session(int descriptor) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::make_unique<TlsSession>(current_->native_handle(), descriptor);
}

}  // namespace coroom::detail::net
