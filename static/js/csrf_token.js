// The token by which the server knows that a form comes from its own pages. Who signs in anew, in another tab,
// gets another one, and the forms of a page that was open go on with theirs.

// Asks for the token that holds now, and puts it into every form of the page when the answer is good.
// It rejects when there is no answer.
export async function freshToken(url, headers) {
  const answer = await fetch(url, { headers, credentials: "same-origin", redirect: "manual" });
  if (answer.ok) {
    const { token } = await answer.json();
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  }
  return answer;
}
