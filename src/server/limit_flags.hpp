#pragma once

#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

namespace coroom::server {

/// Defines the flags of all limits (docs/limits.md). Both arguments outlive the parsing.
void define_limits(coroom::OptionParser& flags, ServerConfig& options);

}  // namespace coroom::server
