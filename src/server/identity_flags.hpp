#pragma once

#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coroom::server {

/// The values of the flags about identity, which settle() combines.
struct IdentityFlags {
  std::string secret;
  std::vector<detail::auth::TokenKey> secrets;
  std::vector<detail::auth::TokenKey> public_keys;
  std::optional<bool> anonymous;
};

/// All arguments outlive the parsing.
void define_identity(coroom::OptionParser& flags, ServerConfig& options, IdentityFlags& identity);

/// Sets the keys and the access of clients without a token. Fails if no client could connect.
Result<> settle(IdentityFlags& identity, ServerConfig& options);

}  // namespace coroom::server
