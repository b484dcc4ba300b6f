import { readOwnersFile } from '../../cli/owners-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (...lines: readonly string[]) => readOwnersFile(bytes(lines.join('\n')));
const mistakesOf = (...lines: readonly string[]) =>
  read(...lines).mistakes.map(({ line, column, problem }) => `${line} ${column ?? '-'}: ${problem}`);

const header = 'owner,name,email,slack_channel,sns_topic,time_zone,account,user,name_pattern,path_pattern';

describe('an owners file', () => {
  test('one row is one assignment with its owner; details may be left out where another row has them', () => {
    const file = read(
      header,
      'payments,Payments,pay@example.com,#payments,,Europe/Berlin,111122223333,ci-deploy,,',
      'payments,,,,,,,,ci-pay-*,',
      'platform,Platform,,,arn:aws:sns:eu-central-1:111122223333:platform,,*,,,/platform/*',
    );
    expect(file).toEqual({
      mistakes: [],
      owners: [
        {
          id: 'payments',
          name: 'Payments',
          email: 'pay@example.com',
          slackChannel: '#payments',
          timeZone: 'Europe/Berlin',
        },
        { id: 'platform', name: 'Platform', snsTopicArn: 'arn:aws:sns:eu-central-1:111122223333:platform' },
      ],
      assignments: [
        { account: '111122223333', match: { kind: 'user', userName: 'ci-deploy' }, ownerId: 'payments' },
        { account: '*', match: { kind: 'name', pattern: 'ci-pay-*' }, ownerId: 'payments' },
        { account: '*', match: { kind: 'path', pattern: '/platform/*' }, ownerId: 'platform' },
      ],
    });
  });

  test('an account without user or pattern is its default; without all of them the row only describes the owner', () => {
    const { assignments, owners, mistakes } = read(
      'owner,name,email,account',
      'ops,Ops,ops@example.com,111122223333',
      'new,New,new@example.com,',
    );
    expect(mistakes).toEqual([]);
    expect(owners.map(({ id }) => id)).toEqual(['ops', 'new']);
    expect(assignments).toEqual([{ account: '111122223333', match: { kind: 'account' }, ownerId: 'ops' }]);
  });

  test.each([
    ['a byte order mark and CRLF', '\ufeffowner,name,email,user\r\nops,Ops,ops@example.com,web\r\n'],
    ['semicolons', 'owner;name;email;user\nops;Ops;ops@example.com;web\n'],
    ['tabs', 'owner\tname\temail\tuser\nops\tOps\tops@example.com\tweb\n'],
    ['titles in capitals, with blanks, in another order', 'User , E-Mail,Name,OWNER\nweb,ops@example.com,Ops,ops'],
    [
      'empty lines and rows, and blanks around values',
      'owner,name,email,user\n\n,,,\n ops , Ops , ops@example.com , web \n',
    ],
    ['values kept from being formulas', 'owner,name,email,user\n"=""ops""",=""Ops"",\'ops@example.com,="web"\n'],
  ])('may have %s', (what, text) => {
    const { owners, assignments, mistakes } = readOwnersFile(bytes(text.replace('E-Mail', 'email')));
    expect(what).toBeTruthy();
    expect(mistakes).toEqual([]);
    expect(owners).toEqual([{ id: 'ops', name: expect.stringMatching(/Ops/), email: expect.stringContaining('@') }]);
    expect(assignments).toMatchObject([{ match: { userName: 'web' } }]);
  });

  test('takes user names with every character that IAM allows', () => {
    const { assignments, mistakes } = read(
      'owner,name,email,user',
      'ops,Ops,ops@example.com,"a_b+c=d,e.f@g-h"',
      'ops,,,=x',
      "ops,,,'@y",
      'ops,,,+z',
    );
    expect(mistakes).toEqual([]);
    expect(assignments.map(({ match }) => match.kind === 'user' && match.userName)).toEqual([
      'a_b+c=d,e.f@g-h',
      '=x',
      '@y',
      '+z',
    ]);
  });

  test('tells every mistake at once, by line and column', () => {
    expect(
      mistakesOf(
        header,
        'Payments Team,Payments,pay@example.com,,,,,a,,',
        ',Nobody,,,,,,b,,',
        'ops,Ops,ops at example.com,,,,,,,',
        'ops,,,#a b,,,,,,',
        'ops,,,,arn:aws:sqs:eu-central-1:111122223333:q,,,,,',
        'ops,,,,,Mars/Olympus,,,,',
        'ops,,,,,,1234,c,,',
        'ops,,,,,,1.23457E+11,c,,',
        'ops,,,,,,12345678901x,c,,',
        'ops,,,,,,,c d,,',
        'ops,,,,,,,ci-*,,',
        'ops,,,,,,,,ci-,',
        'ops,,,,,,,,,team/*',
        'ops,,,,,,,,,/team',
        'ops,,,,,,,c,ci-*,',
      ),
    ).toEqual([
      "2 owner: 'Payments Team' is not an owner ID (1 to 64 lower-case letters, digits and ._-)",
      '3 owner: it is empty: every row names an owner',
      "4 email: 'ops at example.com' is not an e-mail address",
      "5 slack_channel: '#a b' is not a channel (such as #payments)",
      "6 sns_topic: 'arn:aws:sqs:eu-central-1:111122223333:q' is not the ARN of a standard SNS topic (arn:aws:sns:<region>:<account>:<name>)",
      "7 time_zone: 'Mars/Olympus' is not an IANA time zone (such as Europe/Berlin)",
      "8 account: '1234' is not an AWS account ID (12 digits): a spreadsheet has taken it for a number, so format the column as text",
      "9 account: '1.23457E+11' is not an AWS account ID (12 digits): a spreadsheet has taken it for a number, so format the column as text",
      "10 account: '12345678901x' is not an AWS account ID (12 digits)",
      "11 user: 'c d' is not an IAM user name (1 to 64 letters, digits and _+=,.@-)",
      "12 user: 'ci-*' has a *, which belongs into the column name_pattern",
      "13 name_pattern: 'ci-' has no *: write 'ci-*' for names that begin so, or name the user",
      "14 path_pattern: 'team/*' does not begin with /: IAM paths do, such as /team/*",
      "15 path_pattern: '/team' has no * and does not end with /: write '/team/' for that path, '/team/*' for all under it",
      '16 name_pattern: only one of user and name_pattern can be given in a row: write one row for each',
    ]);
  });

  test('an owner whose rows contradict each other is refused', () => {
    expect(mistakesOf(header, 'ops,Ops,a@example.com,,,,,a,,', 'ops,Ops,b@example.com,,,,,b,,')).toEqual([
      "3 email: 'b@example.com' contradicts 'a@example.com' on line 2: owner ops can have one only",
    ]);
  });

  test('an owner needs a name and a way to be reached', () => {
    expect(mistakesOf('owner,user', 'ops,a', 'ops,b')).toEqual([
      '2 name: owner ops has no name in any of its rows',
      '2 email: owner ops cannot be reached: give it an email, a slack_channel, a slack_user, a webhook or an sns_topic',
    ]);
  });

  test('an owner may be reached in each of the ways, one of them alone being enough', () => {
    const topic = 'arn:aws:sns:eu-central-1:111122223333:chat';
    const { owners, mistakes } = read(
      'owner,name,email,slack_user,webhook,sns_topic,sns_format',
      `all,All,all@example.com,U024BE7LH,all-bot,${topic},amazon-q`,
      'ada,Ada,,W012A3CDE,,,',
      'bot,Bot,,,payments.bot-1,,',
      `chat,Chat,,,,${topic},`,
      'chat,,,,,,text',
    );
    expect(mistakes).toEqual([]);
    expect(owners).toEqual([
      {
        id: 'all',
        name: 'All',
        email: 'all@example.com',
        slackUser: 'U024BE7LH',
        webhook: 'all-bot',
        snsTopicArn: topic,
        snsFormat: 'amazon-q',
      },
      { id: 'ada', name: 'Ada', slackUser: 'W012A3CDE' },
      { id: 'bot', name: 'Bot', webhook: 'payments.bot-1' },
      { id: 'chat', name: 'Chat', snsTopicArn: topic, snsFormat: 'text' },
    ]);
  });

  test('mistakes about ways to an owner are told by line and column', () => {
    expect(
      mistakesOf(
        'owner,name,email,slack_channel,slack_user,webhook,sns_topic,sns_format',
        'a,A,,,@ada,,,',
        'b,B,,,C024BE7LH,,,',
        'c,C,,,,https://example.com/hook,,',
        'd,D,d@example.com,,,,,amazon-q',
        'e,E,,,,,arn:aws:sns:eu-central-1:111122223333:chat,Amazon Q',
        'f,F,,#f,,,,',
        'f,,,,U024BE7LH,,,',
      ),
    ).toEqual([
      "2 slack_user: '@ada' is not a Slack member ID (such as U024BE7LH)",
      "3 slack_user: 'C024BE7LH' is not a Slack member ID (such as U024BE7LH)",
      "4 webhook: 'https://example.com/hook' is not the name of a webhook (letters, digits and _.-); its address belongs into the webhooks' secret",
      '5 sns_format: owner d has no sns_topic of its own that a format could be for',
      "6 sns_format: 'Amazon Q' is neither text nor amazon-q",
      "8 slack_user: owner f has the slack_channel '#f' already (line 7): give it one of the two",
    ]);
  });

  test('the same users cannot have two owners, however their name is spelt', () => {
    const rows = ['owner,name,email,user', 'a,A,a@example.com,Build-Bot', 'b,B,b@example.com,build-bot'];
    expect(mistakesOf(...rows)).toEqual(["3 owner: user build-bot belongs to 'a' on line 2 already"]);
    expect(mistakesOf(...rows.slice(0, 2), 'a,,,build-bot')).toEqual([]);
  });

  test('a column that does not exist is named, as it is most likely misspelt', () => {
    expect(mistakesOf('owner,name,email,slack,user,user', 'ops,Ops,a@example.com,#a,x,y')).toEqual([
      '1 slack: there is no such column; the columns are owner, name, email, slack_channel, slack_user, webhook, sns_topic, sns_format, time_zone, account, user, name_pattern, path_pattern',
      '1 user: this column is there twice',
    ]);
  });

  test('a row with more values than columns most likely lacks quotes', () => {
    expect(mistakesOf('owner,name,email', 'ops,Ops, the team,a@example.com')).toContain(
      '2 -: 4 values for 3 columns: a value that holds the separator needs "quotes"',
    );
  });

  test('lines are counted through values of several lines', () => {
    expect(mistakesOf('owner,name,email', 'ops,"Ops', 'and more",a@example.com', 'dev,"D', 'E",nowhere')).toEqual([
      "4 email: 'nowhere' is not an e-mail address",
    ]);
  });

  test.each<[string, Uint8Array, string]>([
    ['empty', bytes(''), '1 -: the file is empty: its first line names the columns owner, name'],
    ['without a column for owners', bytes('name,email\nOps,a@b.example\n'), '1 -: there is no column owner: the first'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x6f, 0x00]), '1 -: the file is not UTF-8 text: save it as "CSV UTF-8"'],
    ['Latin-1', new Uint8Array([0x6f, 0xe4, 0x2c, 0x62]), '1 -: the file is not UTF-8 text'],
    ['of an open quote', bytes('owner,name\nops,"Ops\ndev,D\n'), '2 -: a quote (") is opened here and never closed'],
  ])('that is %s is refused as a whole', (_, content, mistake) => {
    const { mistakes, owners } = readOwnersFile(content);
    expect(owners).toEqual([]);
    expect(mistakes.map(({ line, column, problem }) => `${line} ${column ?? '-'}: ${problem}`)).toEqual([
      expect.stringContaining(mistake),
    ]);
  });
});
