#include "server/guests.hpp"

#include "core/utf8.hpp"
#include "server/guest_name.hpp"
#include "server/page_call.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <optional>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

namespace json = boost::json;

struct GuestRequest {
  std::string name;
  std::string token;  // empty: there is none
};

std::optional<GuestRequest> read_request(std::string_view body) {
  json::error_code ec;
  const json::value value = json::parse(detail::without_byte_order_mark(body), ec);
  const json::object* fields = ec ? nullptr : value.if_object();
  if (fields == nullptr) return std::nullopt;
  const json::value* name = fields->if_contains("name");
  const json::value* token = fields->if_contains("token");
  if (name == nullptr || !name->is_string()) return std::nullopt;
  GuestRequest request{std::string(name->get_string()), {}};
  if (token != nullptr && !token->is_null()) {
    if (!token->is_string()) return std::nullopt;
    request.token = token->get_string();
  }
  return request;
}

class GuestHandler final : public PageCall {
 public:
  GuestHandler(std::shared_ptr<const detail::auth::GuestTokens> tokens, detail::auth::OriginPolicy origins)
      : PageCall(std::move(origins)), tokens_(std::move(tokens)) {}

  task<> post() override {
    if (!tokens_) co_return refuse(403, "Guests are not allowed: a token is required.");
    const auto asked = read_request(request().body);
    if (!asked)
      co_return refuse(400, R"(The body must be a JSON object with "name" and optionally "token".)");
    const auto name = guest_name(asked->name);
    if (!name) co_return refuse(400, name.error().message);
    const std::string user = user_of(asked->token);
    write(json::object{{"token", tokens_->make(user, *name)}, {"user", user}, {"name", *name}});
  }

 private:
  /// Returns the user of an earlier token, unless the token was revoked; else a new user.
  [[nodiscard]] std::string user_of(const std::string& earlier) const {
    auto guest = tokens_->owner(earlier);
    const bool stays = guest && !application().moderation().is_revoked(guest->user, guest->trace);
    return stays ? std::move(guest->user) : detail::auth::GuestTokens::new_user();
  }

  std::shared_ptr<const detail::auth::GuestTokens> tokens_;
};

}  // namespace

Route guest_route(std::shared_ptr<const detail::auth::GuestTokens> tokens,
                  detail::auth::OriginPolicy origins) {
  return route<GuestHandler>("/guest", std::move(tokens), std::move(origins));
}

}  // namespace coroom::server
