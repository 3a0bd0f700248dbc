#pragma once

#include "centrifuge/filter_node.hpp"

#include <coroom/publication.hpp>

#include <tl/expected.hpp>

#include <memory>
#include <string>

namespace coroom::detail::centrifuge {

struct Condition;
class FilterRegistry;

class TagFilter;
using TagFilterPtr = std::shared_ptr<const TagFilter>;

/// Selects publications by their tags. Equal filters of different clients are one object, since a room
/// encodes each publication once for each filter of its members. Immutable: any thread may use it.
class TagFilter {
 public:
  /// Checks a client's request. Returns the shared filter, or the reason why the request is invalid, in one
  /// line. Any thread.
  static tl::expected<TagFilterPtr, std::string> make(const FilterNode& node);

  TagFilter(const TagFilter&) = delete;
  TagFilter& operator=(const TagFilter&) = delete;
  ~TagFilter();

  /// Returns whether subscribers with this filter receive a publication with these tags; nullptr: none.
  [[nodiscard]] bool matches(const Tags* tags) const;

  /// Returns the number of different filters in use.
  static std::size_t count();

 private:
  friend class FilterRegistry;

  TagFilter(Condition condition, std::string digest, std::shared_ptr<FilterRegistry> registry);

  const std::unique_ptr<const Condition> condition_;
  const std::string digest_;
  const std::shared_ptr<FilterRegistry> registry_;  // that it leaves at its end
};

}  // namespace coroom::detail::centrifuge
