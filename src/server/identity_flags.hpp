#pragma once

#include "auth/key_set.hpp"
#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coroom::server {

/// The values of the flags about identity, which settle() combines.
struct IdentityFlags {
  std::string secret;
  std::vector<std::string> secret_files;
  std::vector<detail::auth::TokenKey> secrets;  // of these files, of any length
  bool allows_short_secret = false;
  std::vector<detail::auth::TokenKey> public_keys;
  detail::auth::KeySet key_set;  // of --token-jwks-file; without keys if there is none
  std::optional<bool> anonymous;
};

/// All arguments outlive the parsing.
void define_identity(coroom::OptionParser& flags, ServerConfig& options, IdentityFlags& identity);

/// Sets the keys and the access of clients without a token. Fails if no client could connect.
Result<> settle(IdentityFlags& identity, ServerConfig& options);

}  // namespace coroom::server
