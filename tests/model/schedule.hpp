#pragma once

#include <cstdint>
#include <string>

namespace coroom::model {

/// Plays one schedule. The seed determines when clients connect, publish and lose their connection, how
/// the disk behaves, which thread runs, and when the server crashes. Returns the violated invariant, or an
/// empty string.
std::string play(std::uint64_t seed);

}  // namespace coroom::model
