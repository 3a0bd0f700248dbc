#pragma once

#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coroom::server {

/// What the flags of who may enter say, for settle() to put together.
struct IdentityFlags {
  std::string secret;
  std::vector<detail::auth::TokenKey> secrets;
  std::vector<detail::auth::TokenKey> public_keys;
  std::optional<bool> anonymous;
};

/// All arguments outlive the parsing.
void define_identity(coroom::OptionParser& flags, ServerConfig& options, IdentityFlags& identity);

/// What they come to. Fails if nobody could enter.
Result<> settle(IdentityFlags& identity, ServerConfig& options);

}  // namespace coroom::server
