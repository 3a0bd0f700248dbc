#pragma once

#include <string>

namespace coroom::test {

/// A certificate for this name, signed by itself, and its key, in PEM.
std::string make_certificate(const std::string& name);

}  // namespace coroom::test
