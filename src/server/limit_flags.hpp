#pragma once

#include "server/server_config.hpp"

#include <coroom/option_parser.hpp>

namespace coroom::server {

/// The flags of everything that has a limit (docs/limits.md). Both arguments outlive the parsing.
void define_limits(coroom::OptionParser& flags, ServerConfig& options);

}  // namespace coroom::server
