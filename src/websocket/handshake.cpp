#include "websocket/handshake.hpp"

#include "websocket/extensions.hpp"

#include <coroom/version.hpp>

#include <boost/beast/core/string.hpp>

#include <array>
#include <charconv>
#include <openssl/evp.h>
#include <set>

namespace coroom::detail::websocket {
namespace {

namespace beast = boost::beast;

constexpr int narrowest_window = 9;  // bits; RFC 7692 allows 8, which zlib does not support
constexpr int widest_window = 15;

/// Returns the SHA-1 hash of the key and a fixed text in base64 (RFC 6455 section 4.2.2).
std::string accept_of(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
  const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(length)};
}

/// Parses the value of a window parameter. Returns nullopt if it is not a number or zlib does not support the
/// size.
std::optional<int> window_bits(std::string_view value) {
  if (value.starts_with('0')) return std::nullopt;  // RFC 7692 section 7.1.2
  int bits = 0;
  const auto [end, ec] = std::from_chars(value.begin(), value.end(), bits);
  if (ec != std::errc() || end != value.end() || bits < narrowest_window || bits > widest_window)
    return std::nullopt;
  return bits;
}

/// Returns the agreed parameters, or nullopt if the server cannot accept the offer.
std::optional<Compression> accept(const Extension& offer, const CompressionOptions& wanted) {
  Compression agreed(DeflateParams{.level = wanted.level,
                                   .memory_level = wanted.memory_level,
                                   .threshold = wanted.threshold,
                                   .window_bits = widest_window},
                     true);
  std::set<std::string, beast::iless> seen;
  for (const auto& [name, value] : offer.parameters) {
    if (!seen.insert(name).second) return std::nullopt;
    if (beast::iequals(name, "server_max_window_bits")) {
      const auto most = window_bits(value);
      if (!most) return std::nullopt;
      agreed.to_client.window_bits = *most;
      agreed.window_was_named = true;
    } else if (beast::iequals(name, "client_max_window_bits")) {
      // Any window of the client is accepted: the server inflates with the widest one.
      if (!value.empty() && value != "8" && !window_bits(value)) return std::nullopt;
    } else if (beast::iequals(name, "client_no_context_takeover") && value.empty()) {
      agreed.client_keeps_window = false;
    } else if (!beast::iequals(name, "server_no_context_takeover") || !value.empty()) {
      return std::nullopt;
    }
  }
  return agreed;
}

}  // namespace

std::optional<Compression> agree(std::string_view extensions, const CompressionOptions& wanted) {
  const auto offers = parse_extensions(extensions);
  if (!offers) return std::nullopt;
  for (const Extension& offer : *offers) {
    if (!beast::iequals(offer.name, "permessage-deflate")) continue;
    if (auto compression = accept(offer, wanted)) return compression;
  }
  return std::nullopt;
}

std::string switching_protocols(const Handshake& handshake, const std::optional<Compression>& compression) {
  std::string answer = "HTTP/1.1 101 Switching Protocols\r\nServer: coroom/" COROOM_VERSION
                       "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " +
                       accept_of(handshake.key);
  if (compression) {
    // The server compresses each message by itself, so that connections can share the bytes.
    answer += "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover";
    if (!compression->client_keeps_window) answer += "; client_no_context_takeover";
    if (compression->window_was_named)  // RFC 7692 section 7.1.2.1
      answer += "; server_max_window_bits=" + std::to_string(compression->to_client.window_bits);
  }
  for (const auto& [name, value] : handshake.answer)
    answer.append("\r\n").append(name).append(": ").append(value);
  return answer += "\r\n\r\n";
}

}  // namespace coroom::detail::websocket
