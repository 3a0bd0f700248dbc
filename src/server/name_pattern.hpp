#pragma once

#include <coroom/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace re2 {
class RE2;
}

namespace coroom::server {

/// A regular expression of RE2 for whole names of rooms. Copies share it, and any thread may use it.
class NamePattern {
 public:
  /// Compiles an expression. The error is RE2's.
  static Result<NamePattern> make(std::string_view expression);

  /// Returns whether the expression matches all of the name.
  [[nodiscard]] bool matches(std::string_view name) const;

 private:
  explicit NamePattern(std::shared_ptr<const re2::RE2> expression) : expression_(std::move(expression)) {}

  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace coroom::server
