#pragma once

#include "server/options.hpp"

#include <coroom/options.hpp>

namespace coroom::server {

/// The flags of everything that has a limit (docs/limits.md). Both arguments outlive the parsing.
void define_limits(coroom::Options& flags, Options& options);

}  // namespace coroom::server
