#include "server/name_pattern.hpp"

#include "core/setting_value.hpp"

#include <cstdint>
#include <re2/re2.h>

namespace coroom::server {
namespace {

// Bytes of the compiled program and of its caches. An expression for names needs a few KiB, and RE2 rejects a
// larger one.
constexpr std::int64_t memory_limit = 1 << 20;

}  // namespace

Result<NamePattern> NamePattern::make(std::string_view expression) {
  RE2::Options options;
  options.set_max_mem(memory_limit);
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto compiled = std::make_shared<const RE2>(expression, options);
  if (compiled->ok()) return NamePattern(std::move(compiled));
  return failure("'" + std::string(expression) +
                 "' is not a regular expression of RE2: " + detail::printable(compiled->error()));
}

bool NamePattern::matches(std::string_view name) const {
  return RE2::FullMatch(name, *expression_);
}

}  // namespace coroom::server
