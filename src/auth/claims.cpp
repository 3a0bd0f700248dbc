#include "auth/claims.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace coroom::detail::auth {
namespace {

namespace json = boost::json;

/// Reads claims, and keeps the name of the first claim of a wrong type.
class ClaimReader {
 public:
  explicit ClaimReader(const json::object& claims) : claims_(claims) {}

  void text(std::string_view name, std::string& to) {
    if (const json::value* value = find(name)) read(name, *value, to);
  }

  void text(std::string_view name, std::optional<std::string>& to) {
    if (const json::value* value = find(name)) read(name, *value, to.emplace());
  }

  /// Reads one string, or an array of strings.
  void texts(std::string_view name, std::vector<std::string>& to) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (!value->is_array()) return read(name, *value, to.emplace_back());
    for (const json::value& each : value->get_array()) read(name, each, to.emplace_back());
  }

  /// Reads a NumericDate (RFC 7519 section 2): seconds with fractions.
  void time(std::string_view name, std::optional<Clock::TimePoint>& to) {
    const auto seconds = number(name);
    if (!seconds) return;
    constexpr double farthest = 4e9;  // in the year 2096; greater values would not fit everywhere
    const double thousandths = std::floor(std::clamp(*seconds, -farthest, farthest) * 1000);
    to = Clock::TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(thousandths)));
  }

  /// Compares exactly, without rounding.
  bool is_zero(std::string_view name) { return number(name) == 0.0; }

  void json_of(std::string_view name, std::string& to) const {
    if (const json::value* value = find(name)) to = json::serialize(*value);
  }

  /// Returns a fault such as "sub is not a string"; empty if all claims have the right type.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  /// Returns nullptr if the claim is absent or null.
  [[nodiscard]] const json::value* find(std::string_view name) const {
    const json::value* value = claims_.if_contains(name);
    return value != nullptr && value->is_null() ? nullptr : value;
  }

  /// Returns nullopt if the claim is absent. A null is a fault: a token with an end would never end.
  std::optional<double> number(std::string_view name) {
    const json::value* value = claims_.if_contains(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code ec;
    const auto number = value->to_number<double>(ec);
    if (!ec && std::isfinite(number)) return number;
    note(name, "number");
    return std::nullopt;
  }

  void read(std::string_view name, const json::value& value, std::string& to) {
    if (const json::string* text = value.if_string()) {
      to = *text;
    } else {
      note(name, "string");
    }
  }

  void note(std::string_view name, std::string_view type) {
    if (fault_.empty()) fault_.append(name).append(" is not a ").append(type);
  }

  const json::object& claims_;
  std::string fault_;
};

}  // namespace

tl::expected<Claims, TokenFault> read_claims(std::string_view text) {
  boost::system::error_code ec;
  const json::value value = json::parse(text, ec);
  if (ec || !value.is_object())
    return tl::unexpected(TokenFault(TokenCause::malformed, "the claims are not a JSON object"));
  ClaimReader reader(value.get_object());
  Claims claims;
  reader.text("sub", claims.user);
  reader.text("iss", claims.issuer);
  reader.texts("aud", claims.audiences);
  reader.time("nbf", claims.not_before);
  reader.time("exp", claims.expires);
  reader.time("iat", claims.issued);
  reader.text("jti", claims.id);
  reader.time("expire_at", claims.expire_at);
  claims.never_ends = reader.is_zero("expire_at");
  reader.text("channel", claims.channel);
  reader.text("client", claims.client);
  reader.json_of("info", claims.info);
  reader.json_of("data", claims.data);
  if (!reader.fault().empty()) return tl::unexpected(TokenFault(TokenCause::claim_type, reader.fault()));
  return claims;
}

}  // namespace coroom::detail::auth
