#pragma once

#include <coroom/error.hpp>
#include <coroom/restriction.hpp>

#include <functional>
#include <string>
#include <vector>

namespace coroom {

/// Keeps restrictions beyond the end of the process. A program may implement its own and give it to
/// Moderation. Moderation calls it on any thread, one call at a time.
class ModerationStore {
 public:
  /// Reports that a change has been stored durably, or has failed. The store calls it once for each change,
  /// on any thread. The call does not block.
  using Done = std::function<void(Result<>)>;

  ModerationStore() = default;
  ModerationStore(const ModerationStore&) = delete;
  ModerationStore& operator=(const ModerationStore&) = delete;

  /// Ends the store, which calls no Done afterwards.
  virtual ~ModerationStore() = default;

  /// Returns the stored restrictions. Called once, before all other functions.
  virtual std::vector<Restriction> take() = 0;

  /// Stores a restriction, in place of one with the same kind, subject and room. Must not block: slow changes
  /// complete later, in the order of the calls.
  virtual void keep(const Restriction& restriction, Done done) = 0;

  /// Removes a lifted restriction, with the same rules as keep().
  virtual void forget(Restriction::Kind kind, const std::string& subject, const std::string& room,
                      Done done) = 0;
};

}  // namespace coroom
