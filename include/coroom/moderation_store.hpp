#pragma once

#include <coroom/error.hpp>
#include <coroom/restriction.hpp>

#include <functional>
#include <string>
#include <vector>

namespace coroom {

/// Where rulings outlive the process. A program may bring its own. Moderation calls it, from any thread, one
/// call at a time.
class ModerationStore {
 public:
  /// Called once, by any thread, when what was asked for is safe or has failed. Does not wait.
  using Done = std::function<void(Result<>)>;

  ModerationStore() = default;
  ModerationStore(const ModerationStore&) = delete;
  ModerationStore& operator=(const ModerationStore&) = delete;

  /// Nothing is told any more once it has ended.
  virtual ~ModerationStore() = default;

  /// What it has kept. Called once, before anything else.
  virtual std::vector<Restriction> take() = 0;

  /// Keeps a ruling, in place of one of the same kind, subject and room. Must not wait: what takes long comes
  /// to its end later, in the order of the calls.
  virtual void keep(const Restriction& restriction, Done done) = 0;

  /// The same for one that was lifted.
  virtual void forget(Restriction::Kind kind, const std::string& subject, const std::string& room,
                      Done done) = 0;
};

}  // namespace coroom
