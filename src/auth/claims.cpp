#include "auth/claims.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

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

  /// Reads a user. Other servers number their users, so the claim may be an integer.
  void user(std::string_view name, std::string& to) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (const auto* number = value->if_int64()) {
      to = std::to_string(*number);
    } else if (const auto* large = value->if_uint64()) {
      to = std::to_string(*large);
    } else {
      read(name, *value, to, "string or integer");
    }
  }

  void object(std::string_view name, std::string& to) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (!value->is_object()) return note(name, "JSON object");
    to = json::serialize(*value);
  }

  void json_of(std::string_view name, std::string_view base64_name, std::string& to) {
    take(read_json_claim(claims_, name, base64_name), to);
  }

  void subscription(ServerSubscription& to) { take(read_subscription(claims_), to); }
  void subscriptions(SubscriptionClaims& to) { take(read_subscriptions(claims_), to); }

  /// Returns a fault such as "sub is not a string"; empty if all claims have the right type.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  [[nodiscard]] const json::value* find(std::string_view name) const { return find_claim(claims_, name); }

  template <class T>
  void take(ClaimResult<T> read, T& to) {
    if (read) {
      to = std::move(*read);
    } else if (fault_.empty()) {
      fault_ = std::move(read).error();
    }
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

  void read(std::string_view name, const json::value& value, std::string& to,
            std::string_view type = "string") {
    if (const json::string* text = value.if_string()) {
      to = *text;
    } else {
      note(name, type);
    }
  }

  void note(std::string_view name, std::string_view type) {
    if (fault_.empty()) fault_.append(name).append(" is not a ").append(type);
  }

  const json::object& claims_;
  std::string fault_;
};

}  // namespace

tl::expected<Claims, TokenFault> read_claims(std::string_view text, std::string_view user_claim) {
  boost::system::error_code ec;
  const json::value value = json::parse(text, ec);
  if (ec || !value.is_object())
    return tl::unexpected(TokenFault(TokenCause::malformed, "the claims are not a JSON object"));
  ClaimReader reader(value.get_object());
  Claims claims;
  if (user_claim == default_user_claim) {
    reader.text(user_claim, claims.user);
  } else {
    reader.user(user_claim, claims.user);
  }
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
  if (claims.channel) {
    ServerSubscription subscription;
    reader.subscription(subscription);
    claims.info = std::move(subscription.info);
    claims.data = std::move(subscription.data);
    claims.overrides = subscription.overrides;
  } else {
    reader.json_of("info", "b64info", claims.info);
    reader.object("meta", claims.meta);
    reader.subscriptions(claims.subscriptions);
  }
  if (!reader.fault().empty()) return tl::unexpected(TokenFault(TokenCause::claim_type, reader.fault()));
  return claims;
}

}  // namespace coroom::detail::auth
