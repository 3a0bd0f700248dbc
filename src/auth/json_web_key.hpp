#pragma once

#include "auth/token_key.hpp"

#include <boost/json/object.hpp>

#include <optional>

namespace coroom::detail::auth {

/// Reads a JSON Web Key (RFC 7517 section 4) with a public key for signatures. Returns nullopt if the key is
/// for another use, of an unsupported kind, too short, or invalid, and if its `kid` is guest_kid.
std::optional<TokenKey> read_json_web_key(const boost::json::object& fields);

}  // namespace coroom::detail::auth
